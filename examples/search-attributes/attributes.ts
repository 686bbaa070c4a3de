import { defineSearchAttributeKey, SearchAttributeType } from 'millrace/common';

export const city = defineSearchAttributeKey('City', SearchAttributeType.KEYWORD);
export const items = defineSearchAttributeKey('Items', SearchAttributeType.INT);

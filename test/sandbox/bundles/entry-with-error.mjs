import { nothing } from './not-there.js';

export const broken = nothing;

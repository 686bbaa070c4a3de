import { heartbeat } from 'millrace/activity';

export async function beats(): Promise<void> {
  heartbeat();
}

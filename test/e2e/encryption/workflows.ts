import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  executeChild,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  upsertMemo,
  workflowInfo,
} from 'millrace/workflow';

export interface Activities {
  whisper(secret: string): Promise<string>;
  stumble(secret: string): Promise<string>;
}

const options = { startToCloseTimeout: '1 minute', retry: { initialInterval: 1 } } as const;
const { whisper, stumble } = proxyActivities<Activities>(options);
const { whisper: mutter } = proxyLocalActivities<Activities>(options);

export const tell = defineSignal<[string]>('tell');
export const told = defineQuery<string[], [string]>('told');

export async function keepsSecrets(secret: string, heard: string[] = []): Promise<string[]> {
  let word = '';
  setHandler(tell, (said) => {
    word = said;
  });
  setHandler(told, (prefix) => heard.map((text) => `${prefix}${text}`));
  if (heard.length === 0) {
    upsertMemo({ later: `secret-later-${secret}` });
    heard.push(await whisper(secret), await stumble(secret), await mutter(secret));
    heard.push(
      await executeChild(keepsOne, { args: [`secret-child-${secret}`], memo: { of: `secret-memo-${secret}` } }),
    );
    await condition(() => word !== '');
    await continueAsNew<typeof keepsSecrets>(secret, [...heard, word]);
  }
  return [...heard, ...Object.values(workflowInfo().memo ?? {}).map(String)];
}

export async function keepsOne(secret: string): Promise<string> {
  return `${secret}, kept`;
}

export async function blurts(secret: string): Promise<void> {
  throw ApplicationFailure.nonRetryable(`secret-message-${secret}`, 'Blurted', `secret-detail-${secret}`);
}

/** Has more to say than fits into a record. */
export async function saysMuch(length: number): Promise<string> {
  const grown = await whisper('secret-'.repeat(length));
  return `${grown.length}:${grown}`;
}

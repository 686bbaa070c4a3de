// A project for Temporal, as text by path: as files it would be compiled and linted with this one.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const sample: Readonly<Record<string, string>> = {
  '.gitignore': 'lib\n',
  'package.json': `{
  "name": "orders",
  "dependencies": {
    "@temporalio/activity": "^1.13.0",
    "@temporalio/client": "^1.13.0",
    "@temporalio/nexus": "^1.13.0",
    "@temporalio/worker": "^1.13.0",
    "@temporalio/workflow": "^1.13.0"
  },
  "devDependencies": {
    "@temporalio/testing": "^1.13.0",
    "typescript": "^5.0.0"
  }
}
`,
  'src/client.ts': `#!/usr/bin/env node
import { Client, Connection, type ScheduleOverlapPolicy } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { order } from './workflows';

async function run(): Promise<void> {
  const { connectionOptions } = loadClientConnectConfig();
  const client = new Client({ connection: await Connection.connect(connectionOptions) });
  console.log(\`of \${'@temporalio/client'}\`, await client.workflow.execute(order, { taskQueue: 'q', workflowId: 'o-1' }));
}
run();
`,
  'src/workflows.ts': `import * as wf from '@temporalio/workflow';
import type * as activities from './activities';

export { ApplicationFailure } from '@temporalio/workflow';
const { charge } = wf.proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });
const pattern = /['"\`]/g; // as in '@temporalio/workflow'
export async function order(): Promise<string> {
  return charge('it\\'s 1 / 2'.replace(pattern, ''));
}
`,
  'src/activities.ts': `import { log } from '@temporalio/activity';
export async function charge(what: string): Promise<string> {
  log.info('charging', { what });
  return what;
}
`,
  'src/worker.mts': `import { NativeConnection, Worker } from '@temporalio/worker';
import { patchProtobufRoot } from '@temporalio/common/lib/protobufs';
const proto = await import('@temporalio/proto');
console.log(NativeConnection, Worker, patchProtobufRoot, proto);
`,
  'src/legacy.cjs': `const { Worker } = require("@temporalio/worker");
const deep = require.resolve('@temporalio/workflow/lib/worker-interface');
module.exports = { Worker, deep };
`,
  'src/page.tsx': `import { Client } from '@temporalio/client';
export const Page = () => <p title='x'>Don't use {Client.name} / here</p>;
`,
  'test/order.test.ts': `import { TestWorkflowEnvironment } from '@temporalio/testing';
jest.mock('@temporalio/activity', () => ({ ...jest.requireActual<typeof import('@temporalio/activity')>('@temporalio/activity') }));
console.log(TestWorkflowEnvironment);
`,
};

/** Writes the project into a folder, with a copy of its client where tools and packages have theirs. */
export async function writeSampleProject(root: string): Promise<void> {
  const client = sample['src/client.ts'] ?? '';
  const all = { ...sample, 'lib/client.ts': client, 'node_modules/other/client.ts': client };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

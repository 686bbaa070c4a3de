import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Artifact, cacheFolder, isResolved, resolveArtifact } from '../../services/dev/artifacts.js';
import { silentLogger } from '../../services/platform/logger.js';
import { environmentWith } from './fake-command.js';

const artifact: Artifact = { name: 'thing-1.0', title: 'Thing 1.0', goal: ['copy'], dependencies: ['a:b:1'] };

/** Stands in for Maven: finds the folder asked for, and leaves `first.jar` there. */
const firstJar = `
for argument; do case $argument in -DoutputDirectory=*) out=\${argument#*=} ;; esac; done
mkdir -p "$out" && echo first > "$out/first.jar"
`;

const resolve = (env: NodeJS.ProcessEnv) => resolveArtifact(artifact, env, silentLogger);

it('a download that fails half-way is not taken for a whole one, and the next try starts anew', async () => {
  const env = await environmentWith({
    mvn: `${firstJar}
      if [ ! -e "$HOME/tried" ]; then touch "$HOME/tried"; echo 'no route to repository'; exit 1; fi
      echo second > "$out/second.jar"`,
  });
  await expect(resolve(env)).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringContaining('no route to repository'),
  });
  expect(isResolved(artifact, env)).toBe(false);
  expect(await readdir(cacheFolder(env))).toEqual([]);

  const folder = await resolve(env);
  expect((await readdir(folder)).sort()).toEqual(['first.jar', 'second.jar']);
});

it('downloads at the same time do not get in each other’s way', async () => {
  const env = await environmentWith({
    // Each waits for the other, so that they do overlap.
    mvn: `${firstJar}
      mkdir "$HOME/one" 2>/dev/null || mkdir "$HOME/two"
      until [ -d "$HOME/two" ]; do sleep 0.01; done`,
  });
  const [one, two] = await Promise.all([resolve(env), resolve(env)]);
  expect(one).toBe(two);
  expect(await readdir(one)).toEqual(['first.jar']);
  expect(await readdir(cacheFolder(env))).toEqual([artifact.name]);
});

it('what is there is not downloaded again', async () => {
  const env = await environmentWith({ mvn: `${firstJar}\necho run >> "$HOME/runs"` });
  await resolve(env);
  await resolve(env);
  expect(await readFile(join(env.HOME ?? '', 'runs'), 'utf8')).toBe('run\n');
});

it('what a killed process left behind goes at the next download', async () => {
  const env = await environmentWith({ mvn: firstJar });
  const folder = await resolve(env);
  await rm(folder, { recursive: true });
  // No process has this id: it is above what any system gives.
  const abandoned = join(cacheFolder(env), `${artifact.name}.download.99999999-x`);
  await mkdir(abandoned);
  await writeFile(join(abandoned, 'half.jar'), '');
  await resolve(env);
  expect(await readdir(cacheFolder(env))).toEqual([artifact.name]);
});

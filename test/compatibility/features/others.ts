import type { Feature } from '../feature.js';

export const othersFeatures: readonly Feature[] = [
  {
    id: 'envconfig.load',
    section: '1.8',
    feature: 'loadClientConnectConfig() gives connectionOptions and namespace',
  },
  {
    id: 'envconfig.profiles',
    section: '1.8',
    feature: 'loadClientConfigProfile, by name or TEMPORAL_PROFILE',
  },
  {
    id: 'envconfig.environment',
    section: '1.8',
    feature: "TEMPORAL_* variables overrule the file, Millrace's own come first",
  },
  {
    id: 'envconfig.toml',
    section: '1.8',
    feature: 'loadClientConfig, loadClientConfigFromToml, clientConfigToToml',
  },
  {
    id: 'envconfig.client-options',
    section: '1.8',
    feature: 'toClientOptions: brokers, registry, TLS, SASL; an address is taken as a broker',
  },
  {
    id: 'migrate.imports',
    section: '1.8',
    feature: 'npx millrace migrate rewrites imports, require() and mocks',
  },
  {
    id: 'migrate.package-json',
    section: '1.8',
    feature: 'npx millrace migrate rewrites the dependencies',
  },
  {
    id: 'migrate.unmapped',
    section: '1.8',
    feature: 'npx millrace migrate lists what it could not map, with file and line',
  },
  {
    id: 'contrib.nexus',
    section: '1.8',
    feature: '@temporalio/nexus: operation handlers',
    unsupported: 'Nexus is a service that comes later.',
  },
  {
    id: 'contrib.opentelemetry',
    section: '1.8',
    feature: '@temporalio/interceptors-opentelemetry and -v2',
    unsupported: 'A contributed package; the interceptors it stands on come first.',
  },
  {
    id: 'contrib.workflow-streams',
    section: '1.8',
    feature: '@temporalio/workflow-streams',
    unsupported: 'A contributed package, in user space on signals and updates.',
  },
  {
    id: 'contrib.lambda-worker',
    section: '1.8',
    feature: '@temporalio/lambda-worker',
    unsupported:
      "A worker is a member of consumer groups and has to stay; a function that comes and goes can't be one.",
  },
  {
    id: 'contrib.cloud',
    section: '1.8',
    feature: '@temporalio/cloud',
    unsupported: 'There is no Temporal Cloud to speak to.',
  },
];

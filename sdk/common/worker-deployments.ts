/** A version of a worker deployment. */
export interface WorkerDeploymentVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** `deploymentName.buildId` */
export function toCanonicalString({ deploymentName, buildId }: WorkerDeploymentVersion): string {
  return `${deploymentName}.${buildId}`;
}

/** When a workflow moves from the workers of one version to those of another. */
export const VersioningBehavior = {
  /** Not unless it is moved by hand. */
  PINNED: 'PINNED',
  /** With its next task. */
  AUTO_UPGRADE: 'AUTO_UPGRADE',
} as const;
export type VersioningBehavior = (typeof VersioningBehavior)[keyof typeof VersioningBehavior];

/** The versioning behaviour of the first task after a continue-as-new. */
export const InitialVersioningBehavior = {
  AUTO_UPGRADE: 'AUTO_UPGRADE',
  USE_RAMPING_VERSION: 'USE_RAMPING_VERSION',
} as const;
export type InitialVersioningBehavior = (typeof InitialVersioningBehavior)[keyof typeof InitialVersioningBehavior];

/** Pins one workflow to a version, or lets it follow the current one, whatever its code says. */
export type VersioningOverride = PinnedVersioningOverride | AutoUpgradeVersioningOverride;

export interface PinnedVersioningOverride {
  readonly pinnedTo: WorkerDeploymentVersion;
}

export type AutoUpgradeVersioningOverride = 'AUTO_UPGRADE';

/** @deprecated Temporal replaced it by worker deployments. */
export const VersioningIntent = {
  COMPATIBLE: 'COMPATIBLE',
  DEFAULT: 'DEFAULT',
} as const;
export type VersioningIntent = (typeof VersioningIntent)[keyof typeof VersioningIntent];

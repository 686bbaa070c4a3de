/** How many times over the faults of these tests are tried: CLUSTER_THOROUGHNESS, 1 unless set. */
export const thoroughness = Math.max(1, Number(process.env.CLUSTER_THOROUGHNESS ?? 1));

/** Whether more than the default run has time for is asked for. */
export const isThorough = thoroughness > 1;

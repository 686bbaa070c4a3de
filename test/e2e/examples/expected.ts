/** What each example says, line by line. */
export const expected: Readonly<Record<string, readonly string[]>> = {
  'child-workflows': [
    'Hello, Ada, from a child of somebody',
    'Hello, Grace, from a child of somebody',
    'Hello, orphan, from a child of somebody',
  ],
  'continue-as-new': ['counted 3, 2, 1, 0', 'the last run is another than the first'],
  'early-return': ['payment of 100 is in order', 'settled: payment of 100 is in order'],
  'local-activities': ['it costs 10', 'workflow tasks: 1'],
  'message-passing': [
    'speaks english and finnish',
    'before: english',
    'refused: klingon is not known',
    'learned hindi',
    'now: hindi',
    'नमस्ते दुनिया (approved by Ada)',
  ],
  mutex: ['in out in out in out', 'the lock has gone'],
  patching: [
    'the code is changed while the workflow waits',
    'begun before: sent a fax',
    'begun after: sent a mail to ada@example.org',
  ],
  polling: ['ready, asked 3 times'],
  saga: ['the trip could not be booked: no seats are left', 'bookings left: 0'],
  'search-attributes': ['3 items, no city: true, three items', 'from outside: 3, three items'],
  sinks: ['alert from watched: the workflow has begun', 'done'],
  state: ['meaning: 42, other: undefined', 'cancelled: true'],
  'updatable-timer': ['more than an hour left: true', 'the moved deadline has passed'],
};

const { sleep } = require('millrace/workflow');

exports.naps = async function naps() {
  await sleep(1);
  return 'napped';
};

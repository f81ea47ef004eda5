const assert = require('node:assert/strict');
const { setTimeout: wait } = require('node:timers/promises');

// Asks the function `remember` until it was told of the event.
exports.remembered = async (event, ask) => {
  let events;
  for (let tries = 0; tries < 100; tries++) {
    const answer = await ask();
    events = typeof answer === 'string' ? JSON.parse(answer) : answer;
    if (events.includes(event)) return;
    await wait(100);
  }
  assert.fail(`${JSON.stringify(events)} lacks ${event}`);
};

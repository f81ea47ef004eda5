// Loaded before `s`: whatever would leave this process for another machine fails.
const { Socket } = require('node:net');

Socket.prototype.connect = function connect(...target) {
  throw new Error(`Cannot connect to ${JSON.stringify(target)}: there is no network here`);
};

// Reads GET /v1/events/stream as a browser's EventSource does, but says all that it sees.
import http from 'node:http';

// { status, headers, events, states, last, beats, next(name, fits), idle(ms), close(), ended }
// `events` are those of the default name, as objects; `states` the others ("ready", "reset").
export function openStream(port, { query = '', headers = {}, pause = false } = {}) {
  const stream = { events: [], states: [], last: undefined, beats: 0, waiting: [] };
  const look = () => {
    stream.waiting = stream.waiting.filter((one) => !one());
  };
  const take = (block) => {
    const lines = block.split('\n');
    const field = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    stream.last = field('id') ?? stream.last;
    if (lines[0].startsWith(':')) stream.beats++;
    const data = field('data');
    if (data === undefined) return;
    const name = field('event');
    if (name) stream.states.push({ name, ...JSON.parse(data), id: field('id') });
    else stream.events.push(JSON.parse(data));
    look();
  };
  return new Promise((done, fail) => {
    const request = http.get({ host: '127.0.0.1', port, path: `/v1/events/stream${query}`, headers, agent: false }, (response) => {
      let rest = '';
      stream.status = response.statusCode;
      stream.headers = response.headers;
      stream.ended = new Promise((end) => response.once('close', end));
      response.on('error', () => {}); // a stream that is cut
      response.setEncoding('utf8');
      if (!pause) {
        response.on('data', (text) => {
          const blocks = (rest + text).split('\n\n');
          rest = blocks.pop();
          blocks.forEach(take);
        });
      }
      stream.close = () => request.destroy();
      done(stream);
    });
    request.on('error', fail);

    // Wait at most `ms` for an event (or state, by its name) that fits; undefined: it did not come.
    stream.next = (fits, { state = false, ms = 5000 } = {}) =>
      new Promise((found) => {
        const timer = setTimeout(() => found(undefined), ms);
        const wait = () => {
          const one = (state ? stream.states : stream.events).find(fits);
          if (one) {
            clearTimeout(timer);
            found(one);
          }
          return one !== undefined;
        };
        stream.waiting.push(wait);
        look();
      });
    stream.begun = () => stream.next(({ name }) => name === 'ready', { state: true });
  });
}

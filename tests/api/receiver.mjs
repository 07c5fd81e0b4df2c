// A receiver of webhooks that behaves as told, and a mail server that does.
import crypto from 'node:crypto';
import http from 'node:http';
import net from 'node:net';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(look, what, ms = 15000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}

// As docs/webhooks.md tells a receiver to do it.
export function isSigned(secret, headers, body) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const right = crypto.createHmac('sha256', key).update(text).digest();
  const age = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']));
  return age < 300 && headers['webhook-signature'].split(' ').some((one) => {
    const [version, mac] = one.split(',');
    const given = Buffer.from(mac || '', 'base64');
    return version === 'v1' && given.length === right.length &&
      crypto.timingSafeEqual(given, right);
  });
}

// { port, url(path), seen: [{ path, headers, text, event }], answer(request) -> status }
// answer may return a number, { status, headers, body }, 'drop': the connection breaks, or null:
// never answers.
export async function startReceiver(answer = () => 200) {
  const receiver = { seen: [], answer };
  const server = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => { text += chunk; });
    request.on('end', () => {
      const one = { path: request.url, method: request.method, headers: request.headers, text };
      try { one.event = JSON.parse(text); } catch { /* the test will see */ }
      receiver.seen.push(one);
      const reply = receiver.answer(one);
      if (reply === null) return;
      if (reply === 'drop') {
        request.socket.destroy();
        return;
      }
      const { status = 200, headers = {}, body = 'thanks' } =
        typeof reply === 'number' ? { status: reply } : reply;
      response.writeHead(status, headers);
      response.end(body);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  receiver.port = server.address().port;
  receiver.url = (path = '/hook') => `http://127.0.0.1:${receiver.port}${path}`;
  receiver.stop = () => { server.closeAllConnections(); server.close(); };
  return receiver;
}

// A mail server: { port, mails: [{ from, to, text }], answer(command) -> line or undefined }
export async function startMailServer(answer = () => undefined) {
  const mail = { mails: [], answer };
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.setEncoding('utf8');
    const say = (line) => socket.write(`${line}\r\n`);
    let buffer = '';
    let now = { to: [] };
    let inData = false;
    say('220 test');
    const command = (line) => {
      const told = mail.answer(line);
      if (told) return say(told);
      if (/^MAIL FROM:/i.test(line)) now = { from: line.slice(10), to: [] };
      if (/^RCPT TO:/i.test(line)) now.to.push(line.slice(8));
      if (/^DATA/i.test(line)) { inData = true; return say('354 go on'); }
      if (/^QUIT/i.test(line)) { say('221 bye'); return socket.end(); }
      return say('250 OK');
    };
    socket.on('data', (chunk) => {
      buffer += chunk;
      for (;;) {
        const end = inData ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
        if (end < 0) return;
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          mail.mails.push({ ...now, text: line });
          say('250 taken');
        } else {
          command(line);
        }
      }
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  mail.port = server.address().port;
  mail.stop = () => { for (const one of sockets) one.destroy(); server.close(); };
  return mail;
}

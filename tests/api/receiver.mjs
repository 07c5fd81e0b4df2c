// A receiver of webhooks that behaves as told, and a mail server that does.
import crypto from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';

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
//
// `tls`: { key, cert } makes it offer STARTTLS, or with `implicit` begin with TLS; `login`:
// { user, password } lets only these in, and only over TLS. `mail.logins` are those that were tried.
export async function startMailServer({ answer = () => undefined, tls: secrets, implicit, login } = {}) {
  const mail = { mails: [], logins: [], answer };
  const sockets = new Set();
  const server = net.createServer((plain) => {
    let socket = plain;
    let buffer = '';
    let now = { to: [] };
    let inData = false;
    let isIn = login === undefined;
    const say = (line) => socket.write(`${line}\r\n`);
    const listen = (to) => {
      socket = to;
      sockets.add(to);
      to.on('close', () => sockets.delete(to));
      to.on('error', () => {});
      to.on('data', (chunk) => take(String(chunk)));
    };
    const secure = () => {
      plain.removeAllListeners('data');
      listen(new tls.TLSSocket(plain, { isServer: true, ...secrets }));
    };
    const isSecure = () => socket !== plain;
    let isAsked = false; // for user and password
    const check = (line) => {
      isAsked = false;
      const [user, password] = Buffer.from(line, 'base64').toString().split('\0').slice(1);
      mail.logins.push({ user, password, isSecure: isSecure() });
      isIn = user === login.user && password === login.password;
      return say(isIn ? '235 welcome' : '535 5.7.8 wrong user or password');
    };
    const command = (line) => {
      if (/^EHLO/i.test(line)) {
        if (secrets && !isSecure()) say('250-STARTTLS');
        if (login) say('250-AUTH PLAIN');
        return say('250 SMTPUTF8');
      }
      if (/^STARTTLS/i.test(line) && secrets) { say('220 go on'); return secure(); }
      if (isAsked) return check(line);
      if (/^AUTH PLAIN$/i.test(line)) { isAsked = true; return say('334 '); }
      if (/^AUTH PLAIN /i.test(line)) return check(line.slice(11));
      if (/^MAIL FROM:/i.test(line) && !isIn) return say('530 sign in first');
      const told = mail.answer(line);
      if (told) return say(told);
      if (/^MAIL FROM:/i.test(line)) now = { from: line.slice(10), to: [] };
      if (/^RCPT TO:/i.test(line)) now.to.push(line.slice(8));
      if (/^DATA/i.test(line)) { inData = true; return say('354 go on'); }
      if (/^QUIT/i.test(line)) { say('221 bye'); return socket.end(); }
      return say('250 OK');
    };
    const take = (chunk) => {
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
    };
    if (implicit) secure();
    else listen(plain);
    say('220 test');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  mail.port = server.address().port;
  mail.stop = () => { for (const one of sockets) one.destroy(); server.close(); };
  return mail;
}

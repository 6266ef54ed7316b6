// oauth2-mock-server on a loopback port. It shows no page, signs in one user, and sends the claims of
// its arguments. It prints its issuer when it is ready, and ends when its standard input is closed.
//
//   node mock.mjs ID_TOKEN USERINFO
//
// Both are JSON objects. `auth_time` in ID_TOKEN is an offset to the time of the sign-in. A USERINFO
// with a member `error` is an answer with that status.

import { OAuth2Server } from 'oauth2-mock-server';

const [idToken, userinfo] = process.argv.slice(2).map((argument) => JSON.parse(argument));

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');

server.service.on('beforeTokenSigning', ({ payload }) => {
  // A payload with a scope is that of an access token.
  if ('scope' in payload) return;
  Object.assign(payload, idToken);
  if ('auth_time' in idToken) payload.auth_time = payload.iat + idToken.auth_time;
});
server.service.on('beforeUserinfo', (answer) => {
  answer.body = userinfo;
  answer.statusCode = userinfo.error ?? 200;
});

await server.start(0, '127.0.0.1');
console.log(server.issuer.url);
process.stdin.on('end', () => process.exit()).resume();

// The certified oidc-provider on a loopback port. It prints its issuer when it is ready, and ends when
// its standard input is closed.
//
//   node provider.mjs [--port N] [--require-par] [--without-userinfo]
//
// - POST /control/rotate replaces all signing keys.
// - GET /control/logout-form returns the form of the last back-channel logout. It is not sent to the
//   client's backchannel_logout_uri, because no server listens there.
// - POST /interaction/{uid}/choose answers a consent page with or without the phone number, which the
//   package's own pages cannot.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

import Provider from 'oidc-provider';
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js';

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'require-par': { type: 'boolean' },
    'without-userinfo': { type: 'boolean' },
  },
});

const SECRET = 'a secret/with:+%&=~';

const client = (id, settings = {}) => ({
  client_id: id,
  client_secret: SECRET,
  redirect_uris: ['http://127.0.0.1:3000/auth/callback/oidc'],
  ...settings,
});

const clients = [
  client('basic:client', { token_endpoint_auth_method: 'client_secret_basic' }),
  client('post', { token_endpoint_auth_method: 'client_secret_post' }),
  client('none', { token_endpoint_auth_method: 'none', client_secret: undefined }),
  client('sign-out', {
    post_logout_redirect_uris: ['http://127.0.0.1:3000/auth/logout/done'],
    backchannel_logout_uri: 'http://127.0.0.1:3000/auth/events/oidc',
    backchannel_logout_session_required: true,
  }),
  client('signed-userinfo', { userinfo_signed_response_alg: 'ES256' }),
  ...['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'].map((algorithm) =>
    client(algorithm, { id_token_signed_response_alg: algorithm })),
];

const NUMBER = { phone_number: '+821012345678' };
const users = {
  verified: { ...NUMBER, phone_number_verified: true },
  unverified: { ...NUMBER, phone_number_verified: false },
  unsaid: NUMBER,
  spaced: { phone_number: '+82 (10) 1234-5678', phone_number_verified: true },
  phoneless: {},
  empty: { phone_number: null, phone_number_verified: null },
};

const findAccount = (_, id) => users[id] && {
  accountId: id,
  claims: () => ({
    sub: id,
    name: `Person ${id}`,
    email: `${id}@example.com`,
    email_verified: true,
    ...users[id],
  }),
};

// The last two sign nothing, so a relying party must skip them.
const keys = () => [
  ['rsa', { modulusLength: 2048 }],
  ['ec', { namedCurve: 'P-256' }],
  ['ed25519', undefined, { alg: 'Ed25519' }],
  ['ed25519', undefined, { alg: 'EdDSA' }],
  ['ec', { namedCurve: 'P-521' }],
  ['x25519', undefined, { use: 'enc' }],
].map(([type, options, more]) => {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', ...more };
});

const make = (issuer) => new Provider(issuer, {
  // All instances share one memory, so that a login survives the replacement of the keys.
  adapter: (model) => new MemoryAdapter(model),
  clients,
  findAccount,
  jwks: { keys: keys() },
  cookies: { keys: ['interop'] },
  // Without userinfo, the ID token has all claims.
  conformIdTokenClaims: !flags['without-userinfo'],
  claims: {
    openid: ['sub'],
    profile: ['name'],
    email: ['email', 'email_verified'],
    phone: ['phone_number', 'phone_number_verified'],
  },
  fetch: async (_, { body }) => {
    logoutForm = String(body);
    return new Response(null, { status: 200 });
  },
  features: {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    encryption: { enabled: true },
    jwtUserinfo: { enabled: !flags['without-userinfo'] },
    userinfo: { enabled: !flags['without-userinfo'] },
    pushedAuthorizationRequests: {
      enabled: true,
      requirePushedAuthorizationRequests: flags['require-par'] ?? false,
    },
  },
  pkce: { required: () => true },
});

let provider;
let logoutForm = '';
const server = createServer(async (request, response) => {
  const [, section, uid, action] = request.url.split('/');
  if (section === 'control' && uid === 'logout-form') {
    response.end(logoutForm);
  } else if (section === 'control') {
    provider = make(provider.issuer);
    response.end();
  } else if (section === 'interaction' && action === 'choose') {
    await choose(uid, request, response);
  } else {
    provider.callback()(request, response);
  }
});

async function choose(uid, request, response) {
  const form = new URLSearchParams(await text(request));
  const { params, session } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid profile email');
  if (form.get('phone') === 'yes') {
    grant.addOIDCScope('phone');
    grant.addOIDCClaims(['phone_number', 'phone_number_verified']);
  } else {
    grant.rejectOIDCScope('phone');
    grant.rejectOIDCClaims(['phone_number', 'phone_number_verified']);
  }
  const result = { consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

server.listen(Number(flags.port), '127.0.0.1', () => {
  provider = make(`http://127.0.0.1:${server.address().port}`);
  console.log(provider.issuer);
});
process.stdin.on('end', () => process.exit()).resume();

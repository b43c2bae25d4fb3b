// A real OpenID provider on a free port of this computer. PEOPLE (JSON) has the claims per login name.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const people = JSON.parse(process.env.PEOPLE ?? '{}');
const jwk = (type, options, extra) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), use: 'sig', ...extra,
});
const client = (id, alg) => ({
  client_id: id,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  id_token_signed_response_alg: alg,
});

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [client('diwi-rs', 'RS256'), client('diwi-ps', 'PS256'), client('diwi-es', 'ES256')],
    jwks: { keys: [jwk('rsa', { modulusLength: 2048 }, { kid: 'rsa' }), jwk('ec', { namedCurve: 'P-256' }, { kid: 'ec' })] },
    scopes: ['openid', 'email', 'profile'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    ttl: { IdToken: 300, AccessToken: 300, AuthorizationCode: 60, Grant: 300, Interaction: 300, Session: 300 },
  });
  server.on('request', provider.callback());
  console.log(JSON.stringify({ issuer }));
});

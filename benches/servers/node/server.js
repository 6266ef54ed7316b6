// express-openid-connect, in the way of its documentation: the session is an encrypted cookie.
import express from 'express';
import oidc from 'express-openid-connect';

const { PORT, ISSUER, CLIENT_ID, CLIENT_SECRET, SESSION_KEY } = process.env;
const app = express();
app.get('/healthz', (_, response) => response.type('text').send('ok'));
app.use(
  oidc.auth({
    issuerBaseURL: ISSUER,
    baseURL: `http://127.0.0.1:${PORT}`,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    secret: SESSION_KEY,
    authorizationParams: { response_type: 'code', scope: 'openid phone' },
    afterCallback: async (request, response, session) => {
      const profile = await fetch(`${ISSUER}/userinfo`, {
        headers: { authorization: `Bearer ${session.access_token}` },
      });
      const { phone_number: phone } = await profile.json();
      return { ...session, phone };
    },
  }),
);
app.get('/', (request, response) => {
  response.type('text').send(`Hello, ${request.appSession.phone}`);
});
app.listen(PORT, '127.0.0.1');

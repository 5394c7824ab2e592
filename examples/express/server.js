import { fileURLToPath } from 'node:url';
import express from 'express';
import { createNodeRelay } from 'utmost/relay/node';
import { createServerClient, readVisitor } from 'utmost/server';

const { APPLICATION_ID, UPSTREAM, PORT = '4000' } = process.env;
const { identifyUser } = createServerClient({ applicationId: APPLICATION_ID, host: UPSTREAM });

const app = express();
app.use('/t', createNodeRelay({ applicationId: APPLICATION_ID, upstream: UPSTREAM }));

app.post('/sign-up', express.urlencoded(), async (request, response) => {
  const { email } = request.body;
  const { campaign } = readVisitor(request.headers.cookie);
  // Your database, which gives the user an id.
  const user = { id: `user-${email}`, email, signedUpBy: campaign?.utm_campaign ?? 'nothing' };
  const { status, message } = await identifyUser(
    user.id,
    { email, signed_up_by: user.signedUpBy },
    { request },
  );
  if (status === 'dropped') console.error(message);
  response.redirect(303, '/welcome.html');
});

const script = fileURLToPath(import.meta.resolve('utmost/script'));
app.get('/utmost.min.js', (_, response) => response.sendFile(script));
app.use(express.static(fileURLToPath(new URL('public', import.meta.url))));

app.listen(Number(PORT), '127.0.0.1', () => console.log(`http://localhost:${PORT}/`));

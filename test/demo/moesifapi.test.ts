import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../demo/server.ts';
import { readFrom } from '../../e2e/read-from.ts';
import { databaseImage } from './database-image.ts';

// Moesif's own client for Node. It has no types, and is configured once for the whole process.
interface Moesif {
  configuration: { ApplicationId: string; BaseUri: string };
  ApiController: Record<string, (body: unknown, callback: Callback) => void>;
  UserModel: new (user: object) => object;
  CompanyModel: new (company: object) => object;
}
type Callback = (
  error: { errorCode?: number } | null,
  response: { statusCode: number; body: unknown } | null,
) => void;
const moesif: Moesif = createRequire(import.meta.url)('moesifapi');

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo({ applicationIds: ['theirs'], image: await databaseImage() });
  Object.assign(moesif.configuration, { ApplicationId: 'theirs', BaseUri: demo.collector });
}, 60_000);
afterAll(() => demo.close());

const call = (name: string, body: unknown) =>
  new Promise<{ statusCode: number; body: unknown }>((resolve, reject) => {
    moesif.ApiController[name]?.(body, (error, response) => (response ? resolve(response) : reject(error)));
  });
const read = async (path: string) => (await readFrom(demo, path)).json();

const ada = {
  userId: '12345',
  companyId: '67890',
  campaign: { utmSource: 'google', utmMedium: 'cpc', utmCampaign: 'adwords' },
  metadata: {
    email: 'ada@acme.example',
    firstName: 'Ada',
    salesInfo: { stage: 'Customer', lifetimeValue: 24000 },
  },
};

it('moesifapi updates a user', async () => {
  expect((await call('updateUser', new moesif.UserModel(ada))).statusCode).toBe(201);
  expect(await read('/profile?user_id=12345')).toMatchObject({
    application_id: 'theirs',
    user_id: '12345',
    company_id: '67890',
    email: 'ada@acme.example',
    campaign: { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'adwords' },
    metadata: ada.metadata,
    user_agent_string: expect.stringMatching(/^moesifapi/),
  });
});

it('moesifapi, which says null for what it was not told, takes nothing away', async () => {
  const more = { userId: '12345', metadata: { title: 'Engineer' } };
  expect((await call('updateUser', new moesif.UserModel(more))).statusCode).toBe(200);
  expect(await read('/profile?user_id=12345')).toMatchObject({
    company_id: '67890',
    campaign: { utm_source: 'google' },
    metadata: { ...ada.metadata, title: 'Engineer' },
  });
});

it('moesifapi updates users in batch', async () => {
  const users = ['b1', 'b2'].map(
    userId => new moesif.UserModel({ ...ada, userId, sessionToken: `token-${userId}` }),
  );
  expect((await call('updateUsersBatch', users)).statusCode).toBe(201);
  expect(await read('/profiles?session_token=token-b2')).toMatchObject({
    profiles: [{ user_id: 'b2', metadata: ada.metadata }],
  });
});

it('moesifapi updates companies, one and many', async () => {
  const company = { companyId: '67890', companyDomain: 'acme.example', metadata: { plan: 'pro' } };
  expect((await call('updateCompany', new moesif.CompanyModel(company))).statusCode).toBe(201);
  const others = ['c1', 'c2'].map(companyId => new moesif.CompanyModel({ ...company, companyId }));
  expect((await call('updateCompaniesBatch', others)).statusCode).toBe(201);
  for (const company_id of ['67890', 'c1', 'c2']) {
    expect(await read(`/companies?company_id=${company_id}`)).toMatchObject({
      company_id,
      company_domain: 'acme.example',
      metadata: { plan: 'pro' },
    });
  }
});

it('moesifapi tells its user of a wrong application id and of a wrong type', async () => {
  moesif.configuration.ApplicationId = 'unknown';
  await expect(call('updateUser', new moesif.UserModel(ada))).rejects.toMatchObject({
    errorMessage: expect.stringContaining('401'),
  });
  moesif.configuration.ApplicationId = 'theirs';
  const wrong = { ...ada, metadata: { email: 5 } };
  expect(await call('updateUser', new moesif.UserModel(wrong))).toMatchObject({
    statusCode: 200,
    body: { rejected: [{ path: 'metadata.email', expected: 'string', got: 'number' }] },
  });
});

import type {} from 'utmost/full/global';

export async function page(): Promise<(string | undefined)[]> {
  await utmost.init({ applicationId: 'app', persistence: 'none' });
  await moesif.identifyCompany('1', { plan: 'pro' }, 'example.com');
  const { status } = await window.moesif.track('ordered');
  moesif.identifySession('token');
  return [status, await window.utmost.getUserId(), await moesif.getSession()];
}

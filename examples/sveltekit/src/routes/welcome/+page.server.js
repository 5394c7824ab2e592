import { readVisitor } from 'utmost/server';

export function load({ request }) {
  const { campaign } = readVisitor(request.headers.get('cookie'));
  return { campaign: campaign?.utm_campaign ?? 'none' };
}

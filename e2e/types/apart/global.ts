import type { Receipt } from 'utmost';
import type {} from 'utmost/global';

// A page with the script tag: of the loader snippet or of the script, whichever is there.

interface User {
  email: string | undefined;
}

export async function page(user: User): Promise<unknown[]> {
  await window.utmost.init({ applicationId: 'app' });
  const receipt: Receipt = await utmost.identifyUser('1', user);
  const campaign = await globalThis.utmost.getCampaign();
  window.utmost?.setConsent('granted');
  utmost.reset();
  utmost.panel?.();
  const [decision] = await utmost.explain();
  return [receipt.status, campaign?.utm_source, await utmost.getAnonymousId(), decision?.rule];
}

export function mistakes(): void {
  // @ts-expect-error the snippet has only promised one
  utmost.getCampaign()?.utm_source;
  // @ts-expect-error a misspelt function
  window.utmost.identifyUsr('1');
  // @ts-expect-error a function has no JSON
  utmost.identifyUser('1', { greet() {} });
  // @ts-expect-error the other script has it
  utmost.identifyCompany('1');
}

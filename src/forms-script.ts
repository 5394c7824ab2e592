import { announceCampaign } from './features/forms/announce-campaign.ts';
import { fillForms } from './features/forms/fill-forms.ts';
import type { CampaignClient } from './features/forms/values.ts';

const tag =
  (document.currentScript as HTMLElement | null) ??
  document.querySelector<HTMLElement>('script[src*="utmost.forms"]');
const { prefix, names = '{}', dataLayer, global = 'utmost' } = tag?.dataset ?? {};
const page = window as typeof window & Record<string, (CampaignClient & { version?: string }) | undefined>;
// The loader snippet's stub has no version, and knows nothing yet. So has an element with that id.
const client = () => (page[global]?.version ? page[global] : undefined);

fillForms(client, { prefix, names: JSON.parse(names) });
announceCampaign(client, { dataLayer });

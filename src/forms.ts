export { type AnnounceOptions, announceCampaign } from './features/forms/announce-campaign.ts';
export { fillForms } from './features/forms/fill-forms.ts';
export type { CampaignClient, ClientSource, FieldNames, Known } from './features/forms/values.ts';

export { watchCampaign } from './watch-campaign.ts';

export type { WireCampaign } from './campaign/payload.ts';
export type { ServerOptions, VisitorOptions } from './server/options.ts';
export { readVisitor, type StoredTouch, type StoredVisitor } from './server/read-visitor.ts';
export type { ServerReceipt } from './server/receipt.ts';
export { type RenewOptions, renewCookies } from './server/renew-cookies.ts';
export { createServerClient, type ServerClient, type VisitorSource } from './server/server-client.ts';
export type { VisitorRequest } from './server/visitor-facts.ts';

import { createRelay } from 'utmost/relay';
import { env } from '$env/dynamic/private';

const relay = createRelay({ applicationId: env.APPLICATION_ID, upstream: env.UPSTREAM });
export const POST = ({ request, getClientAddress }) => relay(request, { address: getClientAddress() });

import { defineEventHandler, getRequestIP, toWebRequest } from 'h3';
import { createRelay } from 'utmost/relay';

const relay = createRelay({ applicationId: process.env.APPLICATION_ID, upstream: process.env.UPSTREAM });
export default defineEventHandler(event => relay(toWebRequest(event), { address: getRequestIP(event) }));

/** Whether `npm run test:collector` runs: the tests that kill do so several times, and with more senders. */
export const isFullSize = process.env.FULL_SIZE === '1';

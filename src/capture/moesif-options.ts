import type { CallSummary, CaptureOptions } from './types.ts';

/** Options of `utmost/full` that `start` of moesif-browser-js has, too. */
export type MoesifGiven = Pick<
  CaptureOptions,
  'maskContent' | 'getMetadata' | 'getTags' | 'batchSize' | 'batchMaxTime'
> & {
  skip?: ((call: object) => unknown) | undefined;
  getApiVersion?: CaptureOptions['apiVersion'];
  apiVersion?: string | undefined;
  disableFetch?: boolean | undefined;
  batchEnabled?: boolean | undefined;
};

/**
 * Turns options of moesif-browser-js into those of `startCapture`. `skip` gets a call in the form of an event there.
 * Where it is not `isOn`, only events that the site has made are sent.
 */
export function fromMoesifOptions(given: MoesifGiven, isOn: boolean): CaptureOptions {
  const { skip, maskContent, getMetadata, getTags, batchMaxTime } = given;
  const toCall = ({ url: uri, verb, status, requestHeaders, responseHeaders }: CallSummary) => ({
    request: { uri, verb, headers: requestHeaders },
    response: { status, headers: responseHeaders },
  });
  return {
    skip: skip && (call => skip(toCall(call))),
    maskContent,
    getMetadata,
    getTags,
    apiVersion: given.getApiVersion ?? given.apiVersion,
    batchSize: given.batchEnabled ? given.batchSize : 1,
    batchMaxTime,
    fetch: isOn && !given.disableFetch,
    xhr: isOn,
  };
}

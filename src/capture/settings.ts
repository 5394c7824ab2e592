import type { CaptureOptions } from './types.ts';

/** Options as they are when complete. What may be absent stays so. */
export type CaptureSettings = Required<
  Pick<CaptureOptions, 'skip' | 'maskContent' | 'getMetadata' | 'getTags' | 'apiVersion'>
> & {
  [Name in Exclude<
    keyof CaptureOptions,
    'skip' | 'maskContent' | 'getMetadata' | 'getTags' | 'apiVersion'
  >]-?: Exclude<CaptureOptions[Name], undefined>;
};

export const CAPTURE_DEFAULTS: CaptureSettings = {
  include: [],
  exclude: [],
  skip: undefined,
  maskContent: undefined,
  getMetadata: undefined,
  getTags: undefined,
  apiVersion: undefined,
  headers: 'redacted',
  bodies: 'json',
  maxBodyBytes: 100_000,
  redact: [],
  sample: 1,
  maxPerMinute: 60,
  fetch: true,
  xhr: true,
  batchSize: 25,
  batchMaxTime: 2500, // milliseconds
  bodyTimeout: 2000, // milliseconds
};

/** The largest body that the API keeps searchable, in bytes. */
const MAX_BODY = 450_000;

/**
 * Completes the options. Throws a TypeError with a sentence that tells the fix, where one is of another kind than its
 * default.
 */
export function toSettings(options: CaptureOptions = {}): CaptureSettings {
  const settings: CaptureSettings = { ...CAPTURE_DEFAULTS };
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const initial = CAPTURE_DEFAULTS[name as keyof CaptureSettings];
    const isMet =
      name === 'apiVersion'
        ? /string|function/.test(typeof value)
        : name === 'headers'
          ? Array.isArray(value) || value === 'none' || value === 'redacted'
          : name === 'bodies'
            ? ['none', 'json', 'all'].includes(value as string)
            : initial === undefined
              ? typeof value === 'function'
              : Array.isArray(initial)
                ? Array.isArray(value)
                : typeof initial === 'number'
                  ? Number(value) >= 1
                  : typeof value === typeof initial;
    if (!isMet)
      throw new TypeError(`utmost: ${name} of startCapture is of the wrong kind; see docs/capture.md.`);
    Object.assign(settings, { [name]: value });
  }
  settings.maxBodyBytes = Math.min(settings.maxBodyBytes, MAX_BODY);
  settings.sample = Math.round(settings.sample);
  return settings;
}

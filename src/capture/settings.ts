import type { CaptureOptions, CaptureSettings } from './types.ts';

export const CAPTURE_DEFAULTS: CaptureSettings = {
  include: [],
  exclude: [],
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

/** What an option may be, by its name or the type of its default: its type, and its value as a text. */
const KINDS: Record<string, RegExp> = {
  headers: /^string(none|redacted)$|^object/,
  bodies: /none|json|all/,
  apiVersion: /^string|^func/,
  number: /^number[1-9]/,
  object: /^object/,
  boolean: /^bool/,
  undefined: /^func/,
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
    const kind = KINDS[name] ?? KINDS[typeof CAPTURE_DEFAULTS[name as keyof CaptureSettings]];
    if (!kind?.test(typeof value + value))
      throw new TypeError(`utmost: ${name} of startCapture is of the wrong kind; see docs/capture.md.`);
    Object.assign(settings, { [name]: value });
  }
  settings.maxBodyBytes = Math.min(settings.maxBodyBytes, MAX_BODY);
  settings.sample = Math.round(settings.sample);
  return settings;
}

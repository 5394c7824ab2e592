import { toCsv } from './csv.ts';

/** A conversion with the click that is credited. */
export interface CreditedConversion {
  clickId: string;
  /** Milliseconds since 1970. */
  time: number;
  /** A number from 0; undefined leaves it to the platform's default. */
  value?: number | undefined;
  /** Three letters of ISO 4217; undefined leaves it to the platform's default. */
  currency?: string | undefined;
}

/** How a platform's template names a click and writes a time. */
interface Template {
  /** Name of the click id, as pages send it. */
  clickId: string;
  column: string;
  toTime(time: Date): string;
}

/**
 * The templates of the platforms' offline imports. Both have a line with the time zone, which here is UTC.
 *
 * - Google: "Import conversions from ad clicks into Google Ads using files",
 *   https://support.google.com/google-ads/answer/7014069. Times are `yyyy-MM-dd HH:mm:ss+z`. Its click column is that
 *   of the gclid. A gbraid or wbraid is not a Google Click ID: Google documents those for uploads by its API,
 *   https://developers.google.com/google-ads/api/docs/conversions/upload-clicks.
 * - Microsoft: "Offline conversions", https://help.ads.microsoft.com/#apex/ads/en/56852/2. Its zones are `+HHMM` and
 *   stand in the line alone. Times are as in its example at
 *   https://learn.microsoft.com/en-us/advertising/bulk-service/offline-conversion: `4/1/2020 6:50:54 PM`.
 */
export const TEMPLATES = {
  google: {
    clickId: 'gclid',
    column: 'Google Click ID',
    toTime: time => `${time.toISOString().slice(0, 19).replace('T', ' ')}+0000`,
  },
  microsoft: {
    clickId: 'msclkid',
    column: 'Microsoft Click ID',
    toTime: time => {
      const date = `${time.getUTCMonth() + 1}/${time.getUTCDate()}/${time.getUTCFullYear()}`;
      const hours = time.getUTCHours();
      return `${date} ${hours % 12 || 12}:${time.toISOString().slice(14, 19)} ${hours < 12 ? 'AM' : 'PM'}`;
    },
  },
} satisfies Record<string, Template>;

/** A platform whose offline import the file is for. */
export type Platform = keyof typeof TEMPLATES;

/**
 * Writes conversions as the CSV file that a platform imports. Without conversions it has the header alone. A text that
 * a spreadsheet would run as a formula gets an apostrophe before it.
 */
export function toConversionFile(
  platform: Platform,
  name: string,
  conversions: readonly CreditedConversion[],
): string {
  const { column, toTime } = TEMPLATES[platform];
  const rows = conversions.map(({ clickId, time, value, currency }) => [
    clickId,
    name,
    toTime(new Date(time)),
    value,
    currency,
  ]);
  const header = [column, 'Conversion Name', 'Conversion Time', 'Conversion Value', 'Conversion Currency'];
  return toCsv([['Parameters:TimeZone=+0000'], header, ...rows]);
}

import type { Client } from '../../client/client.ts';
import type { Context } from '../../client/dependencies.ts';
import type { Feature } from '../../client/feature.ts';
import { COOKIE_RECORDS } from '../../consent/erase.ts';
import type { Complete } from '../../options/options.ts';
import { readRaw } from '../../storage/cookie-store.ts';
import { forgetDepartedHost } from '../../storage/departed-host.ts';
import { createRecordStore } from '../../storage/record-store.ts';
import type { CompanyMethods } from '../companies.ts';
import type { CrossDomainMethods } from '../cross-domain/cross-domain.ts';
import { PERSISTENCE_DEFAULTS, type PersistenceSettings } from '../persistence.ts';
import type { SessionMethods } from '../sessions.ts';
import type { VisitorIdMethods } from '../visitor-ids.ts';
import { importVisitor } from './import-visitor.ts';
import { createRecording, type RecordingMethods, type RecordingOptions } from './recording.ts';
import { withoutRetired } from './unsupported.ts';
import { type RetiredMethods, retiredMethods } from './unsupported-methods.ts';

/** Settings of this feature. What the site's own functions are has no default. */
type MoesifSettingsOwn = Complete<Omit<MoesifOptions, Functions>> & Pick<MoesifOptions, Functions>;
type Functions = Exclude<keyof RecordingOptions, 'disableFetch'>;

export interface MoesifOptions extends RecordingOptions {
  /** Sets `consent: 'pending'`. Default false. */
  requirePublishingConsent?: boolean | undefined;
  /** Imports the visitor that moesif-browser-js left on this device. Default true. */
  adoptMoesif?: boolean | undefined;
}

export const MOESIF_DEFAULTS: MoesifSettingsOwn = {
  requirePublishingConsent: false,
  adoptMoesif: true,
  disableFetch: false,
};

/** Methods under their names in moesif-browser-js. */
export interface MoesifMethods extends RetiredMethods, RecordingMethods {
  /**
   * Forgets visitor and campaign where they are kept in cookies, and the cookies of moesif-browser-js, if imported.
   * The next call finds a new visitor. What waits to be sent stays, and so does the choice about consent.
   */
  clearCookies(): void;
  /** Forgets visitor and campaign where they are kept in localStorage and sessionStorage, as `clearCookies` does. */
  clearStorage(): void;
  /** Calls `getSession`, under its name in moesif-browser-js. */
  _getSession(): string | undefined;
  /** Calls `getUserId`, under its name in moesif-browser-js. */
  _getUserId(): string | undefined;
  /** Calls `getCompanyId`, under its name in moesif-browser-js. */
  _getCompanyId(): string | undefined;
  /** Calls `setConsent('granted')`: what has waited is released, as of the time it happened. */
  grantPublishingConsent(): void;
  /** Calls `setConsent('denied')`: what waits is erased, and the choice is kept for the pages to come. */
  revokePublishingConsent(): void;
  /**
   * Checks whether the visitor allows tracking, and it has begun.
   *
   * @returns False before `init`, and while the choice is pending.
   */
  isPublishingConsentGranted(): boolean;
  /**
   * Calls `decorateUrl`, under its name in moesif-browser-js.
   *
   * @param url An address, absolute or relative.
   * @param rest Is not used.
   * @returns The URL with the token; any other URL as it is.
   */
  cdtUrlDecorator(url: string, ...rest: unknown[]): string;
}

/** Ends of the names under which moesif-browser-js stores. */
const LEGACY_NAMES = [
  'anonymous_id',
  'stored_user_id',
  'stored_company_id',
  'stored_session_id',
  'campaign_data',
  'campaign_company',
];

type MoesifSettings = PersistenceSettings & MoesifSettingsOwn;

const FUNCTION = [
  'a function',
  (given: unknown) => (typeof given === 'function' ? given : undefined),
] as const;

/** Returns the prefix of moesif-browser-js's own names: its option of the same name, if the site goes on with it. */
const legacyPrefix = ({ persistenceKeyPrefix: prefix }: MoesifSettings) =>
  prefix === PERSISTENCE_DEFAULTS.persistenceKeyPrefix ? 'moesif_' : prefix;

/** Takes over from moesif-browser-js: its visitor, its names, and a sentence for what has no work here. */
export const moesif: Feature<
  MoesifSettings,
  Client & MoesifMethods & VisitorIdMethods & SessionMethods & CompanyMethods & CrossDomainMethods
> = {
  defaults: MOESIF_DEFAULTS,
  checks: {
    skip: FUNCTION,
    maskContent: FUNCTION,
    getMetadata: FUNCTION,
    getTags: FUNCTION,
    getApiVersion: FUNCTION,
    apiVersion: ['a text', (given: unknown) => `${given}`],
  },
  prepare({ ...options }: Record<string, unknown>) {
    if (options.requirePublishingConsent) options.consent ??= 'pending';
    return withoutRetired(options);
  },
  create({ client, context, running, whenReady, page }) {
    const clear = (where: string) => {
      const erase = ({ settings, records }: Context<MoesifSettings>) => {
        if (settings.persistence === where) records.remove(...COOKIE_RECORDS);
        if (where === 'localStorage') forgetDepartedHost();
        if (settings.adoptMoesif)
          createRecordStore(new URL(page.url()), page.setTimer, { prefix: legacyPrefix(settings) }).remove(
            ...LEGACY_NAMES,
          );
      };
      const begun = context();
      // Without consent, too: less is stored then, not more.
      if (begun) erase(begun);
      else void whenReady(erase);
    };
    const recording = createRecording(client, context);
    return {
      begin: recording.begin,
      methods: {
        clearCookies: () => clear('cookie'),
        clearStorage: () => clear('localStorage'),
        _getSession: () => client.getSession(),
        _getUserId: () => client.getUserId(),
        _getCompanyId: () => client.getCompanyId(),
        grantPublishingConsent: () => client.setConsent('granted'),
        revokePublishingConsent: () => client.setConsent('denied'),
        isPublishingConsentGranted: () => !!running(),
        cdtUrlDecorator: url => client.decorateUrl(url),
        ...retiredMethods(client),
        ...recording.methods,
      },
      findVisitor({ settings, records }) {
        if (settings.adoptMoesif)
          importVisitor(records, name => readRaw(legacyPrefix(settings) + name), page);
      },
    };
  },
};

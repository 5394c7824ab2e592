import type { Complete, Options } from '../options/options.ts';
import type { ActionOptions } from './actions.ts';
import type { CampaignFilterOptions } from './campaign-filters.ts';
import type { CrossDomainOption } from './cross-domain/cross-domain.ts';
import type { CrossDomainSettings } from './cross-domain/options.ts';
import type { MoesifOptions } from './moesif/moesif.ts';
import type { RecordingOptions } from './moesif/recording.ts';
import type { RetiredOptions } from './moesif/unsupported.ts';
import type { PersistenceOptions } from './persistence.ts';

/** Options of `init` of `utmost/full`: those of `utmost`, and those of moesif-browser-js under their names there. */
export interface FullOptions
  extends Options,
    PersistenceOptions,
    CampaignFilterOptions,
    ActionOptions,
    MoesifOptions,
    CrossDomainOption,
    RetiredOptions {}

/** These options, complete and checked. */
type Functions = Exclude<keyof RecordingOptions, 'disableFetch'>;

export type FullSettings = Complete<
  Omit<FullOptions, keyof RetiredOptions | keyof CrossDomainOption | Functions>
> &
  Pick<FullOptions, Functions> & {
    crossDomain?: CrossDomainSettings | undefined;
  };

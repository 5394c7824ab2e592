import type { Complete, Options } from '../options/options.ts';
import type { ActionOptions } from './actions.ts';
import type { CampaignFilterOptions } from './campaign-filters.ts';
import type { CrossDomainOption } from './cross-domain/cross-domain.ts';
import type { CrossDomainSettings } from './cross-domain/options.ts';
import type { MoesifOptions } from './moesif/moesif.ts';
import type { RecordingOptions } from './moesif/recording.ts';
import type { RetiredOptions } from './moesif/unsupported.ts';
import type { PersistenceOptions } from './persistence.ts';
import type { TouchesOption } from './touches.ts';

/** Options of `init` of `utmost/full`: those of `utmost`, and those of moesif-browser-js under their names there. */
export interface FullOptions
  extends Options,
    PersistenceOptions,
    CampaignFilterOptions,
    ActionOptions,
    MoesifOptions,
    CrossDomainOption,
    TouchesOption,
    RetiredOptions {}

type Functions = Exclude<keyof RecordingOptions, 'disableFetch'>;
/** Options that stay absent where they are not given. */
type Unset = keyof RetiredOptions | keyof CrossDomainOption | keyof TouchesOption | Functions;

/** These options, complete and checked. */
export type FullSettings = Complete<Omit<FullOptions, Unset>> &
  Pick<FullOptions, Functions | keyof TouchesOption> & {
    crossDomain?: CrossDomainSettings | undefined;
  };

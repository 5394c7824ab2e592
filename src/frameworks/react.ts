import {
  createElement,
  Fragment,
  type ReactElement,
  type ReactNode,
  useEffect,
  useSyncExternalStore,
} from 'react';
import { type Campaign, init, type JsonableUser, type Options, setUser, type User } from 'utmost';
import { seenCampaign, watchCampaign } from './watch-campaign.ts';

export interface UtmostProviderProps {
  /** The options of `init`. They stay the same; of `onDelivery` the latest is called. */
  options: Options;
  children?: ReactNode;
}

/**
 * Begins tracking when the app is mounted, once, whatever Strict Mode repeats. On a server it only renders its children.
 * Options that `init` refuses are said on the console, for an error in an effect would take down the app.
 */
export function UtmostProvider({ options, children }: UtmostProviderProps): ReactElement {
  useEffect(() => {
    try {
      init(options);
    } catch (error) {
      console.error(error);
    }
  });
  return createElement(Fragment, null, children);
}

const none = () => undefined;

/**
 * Returns the campaign that the user is given, and renders again when it is known or has changed, as `watchCampaign`
 * tells it.
 *
 * @returns Undefined where there is none, before it is known, on a server, and in the first render after one.
 */
export function useCampaign(): Campaign | undefined {
  return useSyncExternalStore(watchCampaign, seenCampaign, none);
}

/**
 * Follows the site's session, as `setUser` does: when the component is mounted, and at each other `user`. It needs no
 * stable object, for the same user again changes nothing.
 *
 * @param user `undefined`: the session is still loading. `null`: nobody is logged in. An object: that user is.
 */
export function useUser<T extends User & JsonableUser<T>>(user: T | null | undefined): void {
  useEffect(() => void setUser(user), [user]);
}

import { type Campaign, init, type JsonableUser, type Options, setUser, type User } from 'utmost';
import {
  type App,
  type MaybeRefOrGetter,
  onMounted,
  onUnmounted,
  type ShallowRef,
  shallowReadonly,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import { seenCampaign, watchCampaign } from './watch-campaign.ts';

/**
 * Begins tracking: `app.use(UtmostPlugin, { applicationId: 'YOUR_APPLICATION_ID' })`. The options are those of `init`.
 * On a server it does nothing. Options that `init` refuses are said on the console, and the app goes on.
 */
export const UtmostPlugin = {
  install(_app: App, options: Options): void {
    try {
      init(options);
    } catch (error) {
      console.error(error);
    }
  },
};

/**
 * Returns the campaign that the user is given, as a reference that is set when it is known or has changed, as
 * `watchCampaign` tells it. Call it in a component's setup.
 *
 * @returns Undefined inside where there is none, before it is known, on a server, and until the component is mounted.
 */
export function useCampaign(): Readonly<ShallowRef<Campaign | undefined>> {
  const campaign = shallowRef<Campaign>();
  let stop: (() => void) | undefined;
  onMounted(() => {
    campaign.value = seenCampaign();
    stop = watchCampaign(next => {
      campaign.value = next;
    });
  });
  onUnmounted(() => stop?.());
  return shallowReadonly(campaign);
}

/**
 * Follows the site's session, as `setUser` does: at once, and at each change of the user or of what is in it. It ends
 * with the component.
 *
 * @param user A reference, a getter or a value. `undefined` inside: the session is still loading. `null`: nobody is
 *   logged in. An object: that user is.
 */
export function useUser<T extends User & JsonableUser<T>>(
  user: MaybeRefOrGetter<T | null | undefined>,
): void {
  watch(
    () => toValue(user),
    value => void setUser(value),
    { immediate: true, deep: true },
  );
}

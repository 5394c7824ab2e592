import type { Client } from '../client/client.ts';
import type { Feature } from '../client/feature.ts';
import type { Settings } from '../options/options.ts';

export interface VisitorIdMethods {
  /**
   * Returns the identified user's id.
   *
   * @returns Undefined without a user, before `init`, and without consent.
   */
  getUserId(): string | undefined;
  /**
   * Gives the visitor a new anonymous id. An identified user stays so, with the company.
   *
   * @returns The new id, a UUID.
   */
  resetAnonymousId(): string;
}

/** Lets the site read the user's id, and renew the visitor's. */
export const visitorIds: Feature<Settings, Client & VisitorIdMethods> = {
  create: ({ page, running, whenReady }) => ({
    methods: {
      getUserId: () => running()?.visitor.identity().userId,
      resetAnonymousId() {
        const anonymousId = page.uuid();
        void whenReady(({ visitor, records }) => records.save('id', { ...visitor.identity(), anonymousId }));
        return anonymousId;
      },
    },
  }),
};

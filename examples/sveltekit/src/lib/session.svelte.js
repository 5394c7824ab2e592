/** In place of your auth library's. `user` is undefined while the session is loading, and null where nobody is logged in. */
export const session = $state({ user: null });

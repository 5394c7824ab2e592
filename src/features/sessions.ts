/**
 * Keeps the session token given on this page, in its memory alone. It belongs to the user who was identified here
 * when it was given. Else it belongs to the one who is identified next. With another user it is forgotten.
 */
export function createSession() {
  let token: string | undefined;
  let owner: string | undefined;
  let user: string | undefined;
  /** Returns the token, where it may be that user's. */
  const tokenOf = (userId?: string) => (owner === undefined || owner === userId ? token : undefined);
  return {
    token: () => token,
    tokenOf,
    /** Returns the user who was identified on this page. */
    user: () => user,
    tell(next: string): void {
      token = next;
      owner = user;
    },
    identify(userId: string): void {
      token = tokenOf(userId);
      owner = user = userId;
    },
    forget(): void {
      token = owner = user = undefined;
    },
  };
}

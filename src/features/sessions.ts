/**
 * The session token told on this page, in its memory alone. It is the user's who was identified here when it was told,
 * or else of the one who is identified next; with another user it is forgotten.
 */
export function createSession() {
  let token: string | undefined;
  let owner: string | undefined;
  let user: string | undefined;
  /** The token, as far as it may be that user's. */
  const tokenOf = (userId?: string) => (owner === undefined || owner === userId ? token : undefined);
  return {
    token: () => token,
    tokenOf,
    /** The user who was identified on this page. */
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

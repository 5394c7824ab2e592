/** Takes the visitor's choice: `setConsent` of utmost. */
export type SetConsent = (choice: 'granted' | 'denied') => void;

/** Passes a choice on where it differs from the last one. */
export function onlyChanges(setConsent: SetConsent): SetConsent {
  if (typeof setConsent !== 'function')
    throw new TypeError('utmost: the choice has no function to go to; pass one, such as setConsent.');
  let last: string | undefined;
  return choice => {
    if (choice === last) return;
    last = choice;
    try {
      setConsent(choice);
    } catch (error) {
      // An error here must not stop the page's data layer or its consent platform.
      console.error(error);
    }
  };
}

/** Returns an expression that checks whether the page's database holds that many updates of a user. It creates none. */
export const isInDatabase = (count: number) => `indexedDB.databases().then(databases =>
  databases.some(({ name }) => name === 'utmost') && new Promise((resolve, reject) => {
    const opening = indexedDB.open('utmost');
    opening.onerror = reject;
    opening.onsuccess = () => {
      const { result } = opening;
      const reading = result.transaction('outbox').objectStore('outbox').getAll();
      reading.onsuccess = () => resolve(reading.result.filter(({ body }) => body.user_id).length === ${count});
      reading.onerror = reject;
      result.close();
    };
  }))`;

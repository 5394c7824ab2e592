const { copyFileSync } = require('node:fs');
const { basename } = require('node:path');

// The scripts are served by your own site.
for (const name of ['utmost/script', 'utmost/forms/script']) {
  const path = require.resolve(name);
  copyFileSync(path, `public/${basename(path)}`);
}

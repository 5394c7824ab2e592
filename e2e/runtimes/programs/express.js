import express from 'express';
import { createNodeRelay } from 'utmost/relay/node';

const relay = createNodeRelay({ applicationId: process.env.APPLICATION_ID });

const app = express();
app.use('/t', relay);
app.use(express.json());
app.listen(Number(process.env.PORT), '127.0.0.1');

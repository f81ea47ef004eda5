import { afterAll } from 'vitest';
import './kms/aliases';
import './kms/context';
import './kms/data-keys';
import './kms/errors';
import { close } from './kms/scratch';

afterAll(close);

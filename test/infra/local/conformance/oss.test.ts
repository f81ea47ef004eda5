import { afterAll } from 'vitest';
import './oss/append';
import './oss/authentication';
import './oss/conditions';
import './oss/copy';
import './oss/keys';
import './oss/listing';
import './oss/multipart';
import './oss/objects';
import './oss/overwrite';
import './oss/ranges';
import { close } from './oss/scratch';
import './oss/signed-urls';
import './oss/symlink';
import './oss/tagging';
import './oss/uploads';
import './oss/versioning';

afterAll(close);

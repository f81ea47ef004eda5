import { formatOf } from './encryption-sdk/format-of';
import { streamLayout } from './encryption-sdk/stream-layout';

export const encryptionSdkStream = formatOf(streamLayout, "Alibaba's Encryption SDK for Java: a stream");

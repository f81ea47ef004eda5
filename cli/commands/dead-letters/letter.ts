export { letterIn } from '../../cloud/letter';

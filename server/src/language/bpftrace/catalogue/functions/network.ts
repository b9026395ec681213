import type { BtFunction } from '../../catalogue.ts';
import { literal, param } from './params.ts';

const address = param('address', 'integer', 'array', 'pointer');

export const networkFunctions: readonly BtFunction[] = [
  {
    name: 'ntop', use: 'value', example: '@ = ntop(2, 0x0100007f);',
    overloads: [{ params: [address], returns: 'inet' }, { params: [param('family', 'integer'), address], returns: 'inet' }],
    summary: 'Text of an IP address in network byte order: IPv4 from 4 bytes or an integer, IPv6 from 16 bytes. Give the family (`AF_INET`, `AF_INET6`) where it can be either.',
  },
  { name: 'pton', use: 'value', overloads: [{ params: [literal('text', 'string')], returns: 'uint8[4]' }], example: '@ = pton("127.0.0.1");', summary: 'Bytes of an IP address in network byte order, to compare with: 4 for IPv4, 16 for IPv6.' },
  { name: 'macaddr', use: 'value', overloads: [{ params: [param('address', 'array', 'pointer', 'integer', 'string')], returns: 'mac' }], example: 'printf("%s", macaddr((uint8[6])curtask));', summary: 'Text of a hardware address from its 6 bytes, for printing.' },
  { name: 'bswap', use: 'value', overloads: [{ params: [param('number', 'integer')], returns: 'same' }], example: '@ = bswap((uint16)1);', summary: 'The number with its bytes in reverse order, in its own width: turns a port from network order into a number.', caveat: 'The argument\'s width matters: `bswap` of a 16-bit field gives 16 bits.' },
  { name: 'socket_cookie', use: 'value', since: [0, 24], probes: ['fentry', 'fexit'], overloads: [{ params: [param('socket', 'pointer')], returns: 'uint64' }], example: '@ = socket_cookie(args.sk);', summary: 'A number that identifies a socket for all its life, unlike its address, which is used again.' },
  { name: 'skboutput', use: 'value', probes: ['fentry', 'fexit'], overloads: [{ params: [literal('file', 'string'), param('packet', 'pointer'), param('length', 'integer'), param('offset', 'integer')], returns: 'uint32' }], example: '$r = skboutput("/tmp/p.pcap", args.skb, 64, 0);', summary: 'Writes a packet\'s data into a pcap file, from `offset` on; 0 or a negative error number.' },
];

/* Result export (.esf), version 1. A model: the vendor's own layout is not public.
 * Generated from the definition of the format. All numbers are big-endian: swap them on other machines.
 * Fields are aligned to their size, so that no compiler has anything to pad. Text is padded with zeros.
 * The first index of an array varies slowest. A field whose name C++ reserves has an underscore after it. */
#ifndef ESF_H
#define ESF_H

#include <stdint.h>

#define ESF_VERSION 1
#define ESF_RECORD_LENGTH 576
#define ESF_MAX_CHOICES 64
#define ESF_MAX_COUNT 268435455

typedef struct {
    uint8_t magic[8];  /*    0: mark of the format */
    uint16_t format_version;  /*    8: version of the format */
    uint16_t record_length;  /*   10: length of the record, in bytes */
    char model[32];  /*   12: model, hardware and firmware version */
    char machine_serial[12];  /*   44: serial number of the machine */
    char module_serial[12];  /*   56: serial number of the module */
    char machine_seal[12];  /*   68: number of the seal on the machine, empty if none was entered */
    char module_seal[12];  /*   80: number of the seal on the module, empty if none was entered */
    char election[24];  /*   92: id of the election, the same for all its rounds */
    char constituency[8];  /*  116: circonscription or canton, empty where the contest is national or municipal */
    char insee[8];  /*  124: INSEE code of the commune */
    char bureau[8];  /*  132: code of the bureau de vote: text, leading zeros count */
    uint32_t date;  /*  140: polling day, as the decimal number YYYYMMDD */
    uint8_t round;  /*  144: round of the election */
    uint8_t poll;  /*  145: number of the poll of that day */
    uint8_t part;  /*  146: part of the bureau's day that this module took: 1, or more for a reserve machine or a second module */
    uint8_t choices;  /*  147: number of choices on the panel */
    uint32_t registered;  /*  148: registered voters of the bureau, as configured */
    uint32_t zero_check;  /*  152: time of the zero check: seconds of local civil time since 2000-01-01 00:00, FFFFFFFF for never */
    uint32_t opening;  /*  156: time of opening */
    uint32_t closing;  /*  160: time of closing */
    uint32_t export_;  /*  164: time of this export */
    uint32_t zero_sum;  /*  168: sum of all counters as read at the zero check */
    uint32_t voters;  /*  172: public counter of voters, readable all day */
    uint32_t enablings;  /*  176: times the president enabled the machine for a voter */
    uint32_t cancellations;  /*  180: enablings ended without a vote */
    uint32_t cast;  /*  184: votes cast in this poll, blank ones included */
    uint32_t blank;  /*  188: blank votes of this poll; a machine takes no null vote */
    uint8_t choices_digest[32];  /*  192: SHA-256 of the choice list in panel order */
    uint8_t module_digest[32];  /*  224: SHA-256 of the module image that this record was read from; zeros where there is none */
    uint32_t tallies[64];  /*  256: votes of each choice in panel order; zero beyond the number of choices */
    uint8_t reserved[60];  /*  512: not used */
    uint32_t crc32;  /*  572: CRC-32 (ISO-HDLC, as in zlib) of the 572 bytes before it */
} esf_record;  /* 576 bytes */

#endif

/* Module image (.urn), version 1. A model: the vendor's own layout is not public.
 * Generated from the definition of the format. All numbers are big-endian: swap them on other machines.
 * Fields are aligned to their size, so that no compiler has anything to pad. Text is padded with zeros.
 * The first index of an array varies slowest. A field whose name C++ reserves has an underscore after it. */
#ifndef URN_H
#define URN_H

#include <stdint.h>

#define URN_VERSION 1
#define URN_IMAGE_SIZE 65536
#define URN_SLOTS 4096
#define URN_SLOT_SIZE 4

typedef struct {
    uint8_t number;  /*    0: number of the poll */
    uint8_t choices;  /*    1: number of choices on the panel */
    uint8_t reserved[2];  /*    2: not written */
    char constituency[8];  /*    4: constituency, empty for none */
    uint8_t choices_digest[32];  /*   12: SHA-256 of the whole choice list, as in the result export */
} urn_configuration_polls;  /* 44 bytes */

typedef struct {
    uint8_t magic[8];  /*    0: mark of the format */
    uint16_t format_version;  /*    8: version of the format */
    uint8_t reserved_1[2];  /*   10: not written */
    uint32_t image_size;  /*   12: size of the image, in bytes */
    char model[32];  /*   16: model, hardware and firmware version */
    char machine_serial[12];  /*   48: serial number of the machine it was programmed for */
    char module_serial[12];  /*   60: serial number of the module */
    char machine_seal[12];  /*   72: number of the seal on the machine */
    char module_seal[12];  /*   84: number of the seal on the module */
    char election[24];  /*   96: id of the election */
    char insee[8];  /*  120: INSEE code of the commune */
    char bureau[8];  /*  128: code of the bureau de vote */
    uint32_t date;  /*  136: polling day, as the decimal number YYYYMMDD */
    uint8_t round;  /*  140: round of the election */
    uint8_t part;  /*  141: part of the bureau's day, as in the result export */
    uint8_t reserved_2[2];  /*  142: not written */
    uint32_t registered;  /*  144: registered voters of the bureau */
    uint32_t choices_crc32;  /*  148: seal of the choices section, as programmed */
    urn_configuration_polls polls[5];  /*  152: five entries, by poll number; erased where there is no such poll */
    uint8_t reserved_3[132];  /*  372: not written */
    uint32_t crc32;  /*  504: CRC-32 of this section, bound to the module's serial */
    uint32_t complement;  /*  508: complement of the checksum before it */
} urn_configuration;  /* 512 bytes */

typedef struct {
    uint32_t at;  /*    0: seconds of local civil time since 2000-01-01 00:00 */
    uint32_t president_key;  /*    4: number of the president's key */
    uint32_t assessor_key;  /*    8: number of the assessor's key */
    uint32_t counter_sum;  /*   12: sum of all counters, as read */
    uint32_t slots_written;  /*   16: slots of the banks that were already written */
    uint32_t test_votes;  /*   20: test votes made before */
    uint32_t test_crc32;  /*   24: seal of the test votes at that time */
    uint8_t reserved[28];  /*   28: not written */
    uint32_t crc32;  /*   56: CRC-32 of this section, bound to the module's serial */
    uint32_t complement;  /*   60: complement of the checksum before it */
} urn_zero_checks;  /* 64 bytes */

typedef struct {
    uint8_t poll;  /*    0: 128 + number of the poll */
    uint8_t choice;  /*    1: choice, 0 for blank */
    uint16_t check;  /*    2: CRC-16 of the two bytes before */
} urn_test_votes;  /* 4 bytes */

typedef struct {
    uint8_t kind;  /*    0: what happened, see below */
    uint8_t poll;  /*    1: poll number, 0 for the whole machine */
    uint16_t sequence;  /*    2: number of the entry, from 0 */
    uint32_t at;  /*    4: seconds of local civil time since 2000-01-01 00:00 */
    uint32_t value;  /*    8: a counter or a number, see below */
    uint32_t crc32;  /*   12: CRC-32 of the module's serial and the twelve bytes before */
} urn_log;  /* 16 bytes */

typedef struct {
    uint8_t enablings[2][512];  /*    0: times the president enabled a voter */
    uint8_t voters[5][2][512];  /* 1024: the public counter of each poll */
    uint8_t cancellations[5][2][64];  /* 6144: enablings ended without a vote, by poll */
} urn_marks;  /* 6784 bytes */

typedef struct {
    uint32_t voters;  /*    0: public counter */
    uint32_t cancellations;  /*    4: enablings ended without a vote */
    uint32_t cast;  /*    8: votes cast, blank ones included */
    uint32_t blank;  /*   12: blank votes */
    uint32_t tallies[64];  /*   16: votes of each choice, in panel order */
} urn_closing_polls;  /* 272 bytes */

typedef struct {
    uint32_t crc32;  /*    0: CRC-32 of the module's serial, the section's number and the section */
    uint32_t complement;  /*    4: complement of the checksum before it */
} urn_closing_seals;  /* 8 bytes */

typedef struct {
    uint32_t at;  /*    0: seconds of local civil time since 2000-01-01 00:00 */
    uint32_t enablings;  /*    4: enablings, as counted at closing */
    uint32_t unreadable;  /*    8: slots in which no vote could be read */
    uint32_t burnt;  /*   12: slots given up after a power cut */
    urn_closing_polls polls[5];  /*   16: results by poll number */
    urn_closing_seals seals[8];  /* 1376: one for each section but this one, by its number */
    uint8_t reserved[88];  /* 1440: not written */
    uint32_t crc32;  /* 1528: CRC-32 of this section, bound to the module's serial */
    uint32_t complement;  /* 1532: complement of the checksum before it */
} urn_closing;  /* 1536 bytes */

typedef struct {
    urn_configuration configuration;  /*    0 */
    urn_zero_checks zero_checks[8];  /*  512 */
    urn_test_votes test_votes[64];  /* 1024 */
    urn_log log[168];  /* 1280 */
    urn_marks marks;  /* 3968 */
    urn_closing closing;  /* 10752 */
    uint8_t choices[5][64][64];  /* 12288: labels of the panel, by poll and choice */
    uint8_t bank_a[16384];  /* 32768: 4,096 slots of 4 bytes */
    uint8_t bank_b[16384];  /* 49152: 4,096 slots of 4 bytes, complemented */
} urn_record;  /* 65536 bytes */

#endif

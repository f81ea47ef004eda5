;; CRC-64/XZ, sixteen bytes a step, each looked up in a table of its own (Kounavis and Berry, "Novel table lookup-based
;; algorithms for high-performance CRC generation", 2008). crc64.ts holds this, assembled, and fills the tables.
(module
  ;; 0: sixteen tables of 256 words of 64 bits; 32768: the bytes.
  (memory (export "memory") 2)

  ;; The running checksum after the bytes from $at up to $end.
  (func (export "update") (param $crc i64) (param $at i32) (param $end i32) (result i64)
    (local $high i64)
    (block $few
      (loop $sixteen
        (br_if $few (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
        (local.set $high (i64.load offset=8 (local.get $at)))
        (local.set $crc (i64.xor (local.get $crc) (i64.load (local.get $at))))
        (local.set $crc
          (i64.xor
            (i64.xor
              (i64.xor
                (i64.xor
                  (i64.load offset=30720 (i32.shl (i32.and (i32.wrap_i64 (local.get $crc)) (i32.const 255)) (i32.const 3)))
                  (i64.load offset=28672 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 8))) (i32.const 255)) (i32.const 3))))
                (i64.xor
                  (i64.load offset=26624 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 16))) (i32.const 255)) (i32.const 3)))
                  (i64.load offset=24576 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 24))) (i32.const 255)) (i32.const 3)))))
              (i64.xor
                (i64.xor
                  (i64.load offset=22528 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 32))) (i32.const 255)) (i32.const 3)))
                  (i64.load offset=20480 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 40))) (i32.const 255)) (i32.const 3))))
                (i64.xor
                  (i64.load offset=18432 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 48))) (i32.const 255)) (i32.const 3)))
                  (i64.load offset=16384 (i32.shl (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 56))) (i32.const 3))))))
            (i64.xor
              (i64.xor
                (i64.xor
                  (i64.load offset=14336 (i32.shl (i32.and (i32.wrap_i64 (local.get $high)) (i32.const 255)) (i32.const 3)))
                  (i64.load offset=12288 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $high) (i64.const 8))) (i32.const 255)) (i32.const 3))))
                (i64.xor
                  (i64.load offset=10240 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $high) (i64.const 16))) (i32.const 255)) (i32.const 3)))
                  (i64.load offset=8192 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $high) (i64.const 24))) (i32.const 255)) (i32.const 3)))))
              (i64.xor
                (i64.xor
                  (i64.load offset=6144 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $high) (i64.const 32))) (i32.const 255)) (i32.const 3)))
                  (i64.load offset=4096 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $high) (i64.const 40))) (i32.const 255)) (i32.const 3))))
                (i64.xor
                  (i64.load offset=2048 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $high) (i64.const 48))) (i32.const 255)) (i32.const 3)))
                  (i64.load offset=0 (i32.shl (i32.wrap_i64 (i64.shr_u (local.get $high) (i64.const 56))) (i32.const 3))))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $sixteen)))
    (block $none
      (loop $one
        (br_if $none (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $crc
          (i64.xor
            (i64.shr_u (local.get $crc) (i64.const 8))
            (i64.load (i32.shl
              (i32.and
                (i32.xor (i32.wrap_i64 (local.get $crc)) (i32.load8_u (local.get $at)))
                (i32.const 255))
              (i32.const 3)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $one)))
    (local.get $crc)))

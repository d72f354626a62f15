# total 1s
# with stand_in boto3
import boto3

s3 = boto3.client("s3")
s3.upload_file("a", "b", "c")
